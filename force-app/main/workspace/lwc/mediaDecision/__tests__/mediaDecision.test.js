import { createElement } from 'lwc';
import decide from '@salesforce/apex/MediaCaseController.decide';
import LightningConfirm from 'lightning/confirm';
import MediaDecision from 'c/mediaDecision';

jest.mock('@salesforce/apex/MediaCaseController.decide', () => ({ default: jest.fn() }), {
  virtual: true,
});

const OPEN_CASE = { id: 'a00000000000001AAA', status: 'Open', canDecide: true, refusal: null };
const settled = () => new Promise(process.nextTick);

function show(quarantineCase) {
  const element = createElement('c-media-decision', { is: MediaDecision });
  element.quarantineCase = quarantineCase;
  document.body.appendChild(element);
  return element;
}

function fill(element, decision, reason) {
  const group = element.shadowRoot.querySelector('[data-id="decision"]');
  const text = element.shadowRoot.querySelector('[data-id="reason"]');
  group.reportValidity = jest.fn(() => Boolean(decision));
  text.reportValidity = jest.fn(() => reason.length >= 10);
  group.dispatchEvent(new CustomEvent('change', { detail: { value: decision } }));
  text.dispatchEvent(new CustomEvent('change', { detail: { value: reason } }));
}

describe('c-media-decision', () => {
  beforeEach(() => {
    LightningConfirm.open = jest.fn().mockResolvedValue(true);
  });

  afterEach(() => {
    document.body.replaceChildren();
    jest.clearAllMocks();
  });

  it('saves a decision with its reason and tells the page', async () => {
    decide.mockResolvedValue(undefined);
    const element = show(OPEN_CASE);
    const decided = jest.fn();
    element.addEventListener('decided', decided);
    fill(element, 'Release', 'Called the customer back. ');

    element.shadowRoot.querySelector('[data-id="decide"]').click();
    await settled();
    await settled();

    expect(decide).toHaveBeenCalledWith({
      caseId: OPEN_CASE.id,
      decision: 'Release',
      reason: 'Called the customer back.',
    });
    expect(decided).toHaveBeenCalledTimes(1);
    await expect(element).toBeAccessible();
  });

  it.each([
    ['no decision', undefined, 'A good long reason'],
    ['a reason too short', 'Release', 'short'],
    ['a reason of blanks', 'Release', '              '],
  ])('sends nothing with %s', async (_name, decision, reason) => {
    const element = show(OPEN_CASE);
    fill(element, decision, reason);

    element.shadowRoot.querySelector('[data-id="decide"]').click();
    await settled();

    expect(decide).not.toHaveBeenCalled();
  });

  it('sends nothing when the reviewer thinks better of it', async () => {
    LightningConfirm.open.mockResolvedValue(false);
    const element = show(OPEN_CASE);
    fill(element, 'ConfirmFake', 'The face was swapped.');

    element.shadowRoot.querySelector('[data-id="decide"]').click();
    await settled();

    expect(decide).not.toHaveBeenCalled();
  });

  it('shows why a decision was refused', async () => {
    decide.mockRejectedValue({ body: { message: 'You uploaded this media.' } });
    const element = show(OPEN_CASE);
    fill(element, 'Release', 'A good long reason');

    element.shadowRoot.querySelector('[data-id="decide"]').click();
    await settled();
    await settled();

    const message = element.shadowRoot.querySelector('c-media-message');
    expect(message.kind).toBe('error');
    expect(message.title).toBe('c.MediaGuard_DecisionFailed');
  });

  it('shows a made decision and why there is none to make', async () => {
    const element = show({
      ...OPEN_CASE,
      status: 'Closed',
      canDecide: false,
      refusal: 'This case is decided.',
      decision: 'ConfirmFake',
      decidedBy: 'Rita',
      decidedAt: '2026-11-22T10:00:00.000Z',
      decisionReason: 'Lip movement.',
      secondDecisionBy: 'Sam',
    });

    expect(element.shadowRoot.querySelector('[data-id="decided"]').textContent).toContain(
      'c.MediaGuard_DecisionConfirmFake',
    );
    expect(element.shadowRoot.querySelector('c-media-facts').facts).toHaveLength(4);
    expect(element.shadowRoot.querySelector('[data-id="refusal"]').title).toBe(
      'This case is decided.',
    );
    expect(element.shadowRoot.querySelector('[data-id="decide"]')).toBeNull();
    await expect(element).toBeAccessible();
  });

  it('explains the second decision', () => {
    const element = show({ ...OPEN_CASE, status: 'AwaitingSecondDecision', decision: 'Release' });

    expect(element.shadowRoot.querySelector('c-media-message').title).toBe(
      'c.MediaGuard_SecondDecisionHelp',
    );
  });
});
