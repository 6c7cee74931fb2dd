import { createElement } from 'lwc';
import getLatest from '@salesforce/apex/MediaAuditController.getLatest';
import verify from '@salesforce/apex/MediaAuditController.verify';
import MediaAuditChain from 'c/mediaAuditChain';

jest.mock(
  '@salesforce/apex/MediaAuditController.getLatest',
  () => {
    const { createApexTestWireAdapter } = require('@salesforce/sfdx-lwc-jest');
    return { default: createApexTestWireAdapter(jest.fn()) };
  },
  { virtual: true },
);
jest.mock('@salesforce/apex/MediaAuditController.verify', () => ({ default: jest.fn() }), {
  virtual: true,
});

const LATEST = [
  {
    sequence: 2100,
    occurredAt: '2026-11-22T10:00:00.000Z',
    title: 'case.decided',
    actorName: 'Rita',
    summary: null,
  },
];
const settled = () => new Promise((resolve) => setTimeout(resolve));

async function show() {
  const element = createElement('c-media-audit-chain', { is: MediaAuditChain });
  document.body.appendChild(element);
  getLatest.emit(LATEST);
  await settled();
  return element;
}

const find = (element, id) => element.shadowRoot.querySelector(`[data-id="${id}"]`);

describe('c-media-audit-chain', () => {
  afterEach(() => {
    document.body.replaceChildren();
    jest.clearAllMocks();
  });

  it('checks range after range and says that the chain is intact', async () => {
    verify
      .mockResolvedValueOnce({ checked: 2000, isIntact: true })
      .mockResolvedValueOnce({ checked: 100, isIntact: true });
    const element = await show();

    find(element, 'verify').click();
    await settled();

    expect(verify.mock.calls.map(([range]) => range.fromSequence)).toEqual([1, 2001]);
    expect(find(element, 'intact').title).toBe('c.MediaGuard_ChainIntact');
    await expect(element).toBeAccessible();
  });

  it('shows its progress meanwhile', async () => {
    verify.mockReturnValueOnce(new Promise(() => {}));
    const element = await show();

    find(element, 'verify').click();
    await settled();

    expect(find(element, 'progress')).not.toBeNull();
    expect(find(element, 'verify').disabled).toBe(true);
  });

  it('names the place where the chain is broken', async () => {
    verify.mockResolvedValueOnce({
      checked: 7,
      isIntact: false,
      firstBrokenSequence: 7,
      reason: 'hash',
    });
    const element = await show();

    find(element, 'verify').click();
    await settled();

    expect(find(element, 'broken').kind).toBe('error');
    expect(find(element, 'intact')).toBeNull();
    await expect(element).toBeAccessible();
  });

  it('shows why the check failed', async () => {
    verify.mockRejectedValueOnce({ body: { message: 'No access.' } });
    const element = await show();

    find(element, 'verify').click();
    await settled();

    expect(element.shadowRoot.querySelector('c-media-message').title).toBe(
      'c.MediaGuard_AuditFailed',
    );
  });
});
