import { createElement } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import getSteps from '@salesforce/apex/MediaSetupController.getSteps';
import pinKeys from '@salesforce/apex/MediaSetupController.pinKeys';
import MediaSetup from 'c/mediaSetup';

jest.mock(
  '@salesforce/apex/MediaSetupController.getSteps',
  () => {
    const { createApexTestWireAdapter } = require('@salesforce/sfdx-lwc-jest');
    return { default: createApexTestWireAdapter(jest.fn()) };
  },
  { virtual: true },
);
jest.mock('@salesforce/apex/MediaSetupController.pinKeys', () => ({ default: jest.fn() }), {
  virtual: true,
});
jest.mock('@salesforce/apex', () => ({ refreshApex: jest.fn(() => Promise.resolve()) }), {
  virtual: true,
});

const STEPS = [
  { code: 'policy', label: 'Policy', isDone: true, whatToDo: null },
  { code: 'detectorKey', label: 'Key', isDone: false, whatToDo: 'Pin it.' },
];
const settled = () => new Promise((resolve) => setTimeout(resolve));

async function show(steps) {
  const element = createElement('c-media-setup', { is: MediaSetup });
  document.body.appendChild(element);
  if (steps) {
    getSteps.emit(steps);
  }
  await settled();
  return element;
}

const find = (element, id) => element.shadowRoot.querySelector(`[data-id="${id}"]`);

describe('c-media-setup', () => {
  afterEach(() => {
    document.body.replaceChildren();
    jest.clearAllMocks();
  });

  it('says of each step whether it is done and what to do', async () => {
    const element = await show(STEPS);

    const icons = [...element.shadowRoot.querySelectorAll('lightning-icon')];
    expect(icons.map((icon) => icon.alternativeText)).toEqual([
      'c.MediaGuard_StepDone',
      'c.MediaGuard_StepOpen',
    ]);
    expect(element.shadowRoot.textContent).toContain('Pin it.');
    expect(find(element, 'complete')).toBeNull();
    await expect(element).toBeAccessible();
  });

  it('pins the keys of the service and reads the steps again', async () => {
    pinKeys.mockResolvedValue(['key-1']);
    const element = await show(STEPS);

    find(element, 'pin').click();
    await settled();

    expect(find(element, 'pinned').title).toBe('c.MediaGuard_KeysPinned');
    expect(refreshApex).toHaveBeenCalledTimes(1);
  });

  it('shows why the keys could not be pinned', async () => {
    pinKeys.mockRejectedValue({ body: { message: 'The service is unreachable.' } });
    const element = await show(STEPS);

    find(element, 'pin').click();
    await settled();

    expect(element.shadowRoot.querySelector('c-media-message').title).toBe(
      'c.MediaGuard_SetupFailed',
    );
  });

  it('says that nothing is missing', async () => {
    const element = await show([STEPS[0]]);

    expect(find(element, 'complete').title).toBe('c.MediaGuard_SetupComplete');
    await expect(element).toBeAccessible();
  });

  it('shows that it is loading, then why it failed', async () => {
    const element = await show();
    expect(element.shadowRoot.querySelector('lightning-spinner')).not.toBeNull();

    getSteps.error({ message: 'No access.' });
    await settled();
    expect(element.shadowRoot.querySelector('c-media-message').kind).toBe('error');
  });
});
