import { createElement } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import getCase from '@salesforce/apex/MediaCaseController.getCase';
import MediaCase from 'c/mediaCase';

import quarantineCase from './data/getCase.json';

jest.mock(
  '@salesforce/apex/MediaCaseController.getCase',
  () => {
    const { createApexTestWireAdapter } = require('@salesforce/sfdx-lwc-jest');
    return { default: createApexTestWireAdapter(jest.fn()) };
  },
  { virtual: true },
);
jest.mock('@salesforce/apex', () => ({ refreshApex: jest.fn(() => Promise.resolve()) }), {
  virtual: true,
});
jest.mock(
  '@salesforce/apex/MediaCaseController.getEvidence',
  () => ({ default: jest.fn(() => new Promise(() => {})) }),
  {
    virtual: true,
  },
);

const settled = () => new Promise(process.nextTick);

function show() {
  const element = createElement('c-media-case', { is: MediaCase });
  element.recordId = quarantineCase.id;
  document.body.appendChild(element);
  return element;
}

describe('c-media-case', () => {
  beforeAll(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setTimeout', 'setImmediate', 'queueMicrotask'] });
    jest.setSystemTime(new Date('2026-11-22T10:00:00.000Z'));
  });

  afterAll(() => {
    jest.useRealTimers();
  });

  afterEach(() => {
    document.body.replaceChildren();
    jest.clearAllMocks();
  });

  it('shows that it is loading', () => {
    expect(show().shadowRoot.querySelector('lightning-spinner')).not.toBeNull();
  });

  it('shows picture, findings, provenance, history, near-duplicates and decision', async () => {
    const element = show();
    getCase.emit(quarantineCase);
    await settled();

    const find = (selector) => element.shadowRoot.querySelector(selector);
    expect(find('lightning-card').title).toBe('passport scan');
    expect(find('c-media-viewer').evidence).toEqual(quarantineCase.evidence);
    expect(find('c-media-findings').findings).toHaveLength(1);
    expect(find('c-media-facts').facts).toHaveLength(2);
    expect(find('c-media-history').entries).toHaveLength(1);
    expect(find('[data-id="near-duplicates"]').children).toHaveLength(1);
    expect(find('[data-id="score"]').textContent).toBe('c.MediaGuard_ScoreNotMeasured');
    expect(find('[data-id="due"]').textContent).toBe('c.MediaGuard_DueInHours');
    await expect(element).toBeAccessible();
  });

  it('marks an overdue case', async () => {
    const element = show();
    getCase.emit({
      ...quarantineCase,
      dueAt: '2026-11-22T08:00:00.000Z',
      score: 0.5,
      nearDuplicates: [],
    });
    await settled();

    const due = element.shadowRoot.querySelector('[data-id="due"]');
    expect(due.textContent).toBe('c.MediaGuard_OverdueByHours');
    expect(due.className).toContain('slds-text-color_error');
    expect(element.shadowRoot.querySelector('[data-id="near-duplicates"]')).toBeNull();
  });

  it('reads the case again after a decision and says so', async () => {
    const toast = jest.fn();
    const element = show();
    element.addEventListener('lightning__showtoast', toast);
    getCase.emit(quarantineCase);
    await settled();

    element.shadowRoot.querySelector('c-media-decision').dispatchEvent(new CustomEvent('decided'));
    await settled();

    expect(toast).toHaveBeenCalledTimes(1);
    expect(refreshApex).toHaveBeenCalledTimes(1);
  });

  it('shows why the case could not be loaded', async () => {
    const element = show();
    getCase.error({ message: 'You cannot see this case.' });
    await settled();

    expect(element.shadowRoot.querySelector('c-media-message').kind).toBe('error');
    await expect(element).toBeAccessible();
  });
});
