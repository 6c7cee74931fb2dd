import { createElement } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import getCases from '@salesforce/apex/MediaQuarantineListController.getCases';
import MediaQuarantineList from 'c/mediaQuarantineList';

jest.mock(
  '@salesforce/apex/MediaQuarantineListController.getCases',
  () => {
    const { createApexTestWireAdapter } = require('@salesforce/sfdx-lwc-jest');
    return { default: createApexTestWireAdapter(jest.fn()) };
  },
  { virtual: true },
);
jest.mock('@salesforce/apex', () => ({ refreshApex: jest.fn(() => Promise.resolve()) }), {
  virtual: true,
});

const CASES = [
  {
    id: 'a00000000000001AAA',
    title: 'b',
    severity: 'Low',
    status: 'Open',
    verdict: 'Suspect',
    score: 0.7,
    dueAt: '2026-01-02T00:00:00.000Z',
  },
  {
    id: 'a00000000000002AAA',
    title: 'a',
    severity: 'Critical',
    status: 'Closed',
    verdict: 'Tampered',
    score: null,
    dueAt: '2026-01-01T00:00:00.000Z',
  },
];
const settled = () => new Promise((resolve) => setTimeout(resolve));

async function show(data) {
  const element = createElement('c-media-quarantine-list', { is: MediaQuarantineList });
  document.body.appendChild(element);
  if (data) {
    getCases.emit(data);
  }
  await settled();
  return element;
}

const tableOf = (element) => element.shadowRoot.querySelector('[data-id="table"]');

describe('c-media-quarantine-list', () => {
  afterEach(() => {
    document.body.replaceChildren();
    jest.clearAllMocks();
  });

  it('lists the cases, the earliest due first, in words', async () => {
    const element = await show(CASES);

    expect(tableOf(element).data.map(({ title }) => title)).toEqual(['a', 'b']);
    expect(tableOf(element).data[0]).toMatchObject({
      verdictLabel: 'c.MediaGuard_VerdictTampered',
      scoreText: 'c.MediaGuard_NotMeasured',
      dueClass: '',
    });
    expect(tableOf(element).data[1]).toMatchObject({
      scoreText: '70 %',
      dueClass: 'slds-text-color_error',
    });
    await expect(element).toBeAccessible();
  });

  it.each([
    ['url', 'asc', ['a', 'b']],
    ['url', 'desc', ['b', 'a']],
    ['severityLabel', 'desc', ['a', 'b']],
    ['scoreText', 'desc', ['b', 'a']],
    ['verdictLabel', 'asc', ['b', 'a']],
  ])('sorts by %s %s', async (fieldName, sortDirection, titles) => {
    const element = await show(CASES);

    tableOf(element).dispatchEvent(
      new CustomEvent('sort', { detail: { fieldName, sortDirection } }),
    );
    await settled();

    expect(tableOf(element).data.map(({ title }) => title)).toEqual(titles);
  });

  it('says that nothing waits, and that a filter matches nothing', async () => {
    const element = await show([]);
    const message = () => element.shadowRoot.querySelector('c-media-message');
    expect(message().title).toBe('c.MediaGuard_QuarantineEmpty');
    await expect(element).toBeAccessible();

    element.shadowRoot
      .querySelector('[data-id="filter"]')
      .dispatchEvent(new CustomEvent('change', { detail: { value: 'Closed' } }));
    await settled();
    expect(element.shadowRoot.querySelector('lightning-spinner')).not.toBeNull();
    expect(getCases.getLastConfig()).toEqual({ filter: 'Closed' });

    getCases.emit([]);
    await settled();
    expect(message().title).toBe('c.MediaGuard_QuarantineEmptyForFilter');
  });

  it('shows why the cases could not be loaded', async () => {
    const element = await show();
    getCases.error({ message: 'No access.' });
    await settled();

    expect(element.shadowRoot.querySelector('c-media-message').kind).toBe('error');
    await expect(element).toBeAccessible();
  });

  it('reads the cases again on demand', async () => {
    const element = await show(CASES);

    element.shadowRoot.querySelector('[data-id="refresh"]').click();

    expect(refreshApex).toHaveBeenCalledTimes(1);
  });
});
