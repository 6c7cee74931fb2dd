import { createElement } from 'lwc';
import getMedia from '@salesforce/apex/MediaProvenanceController.getMedia';
import MediaProvenancePanel from 'c/mediaProvenancePanel';

jest.mock(
  '@salesforce/apex/MediaProvenanceController.getMedia',
  () => {
    const { createApexTestWireAdapter } = require('@salesforce/sfdx-lwc-jest');
    return { default: createApexTestWireAdapter(jest.fn()) };
  },
  { virtual: true },
);

const MEDIA = [
  { id: 'a01000000000001AAA', title: 'contract', status: 'Cleared', verdict: 'Clear', facts: [] },
  {
    id: 'a01000000000002AAA',
    title: 'portrait',
    status: 'Quarantined',
    verdict: 'Synthetic',
    facts: [],
  },
  { id: 'a01000000000003AAA', title: 'voice note', status: 'Held', verdict: null, facts: [] },
];
const settled = () => new Promise(process.nextTick);

async function show(data) {
  const element = createElement('c-media-provenance-panel', { is: MediaProvenancePanel });
  element.recordId = '006000000000001AAA';
  document.body.appendChild(element);
  if (data) {
    getMedia.emit(data);
  }
  await settled();
  return element;
}

describe('c-media-provenance-panel', () => {
  afterEach(() => {
    document.body.replaceChildren();
  });

  it('opens the first file that is not free to move and explains each status', async () => {
    const element = await show(MEDIA);

    expect(element.shadowRoot.querySelector('lightning-accordion').activeSectionName).toBe(
      'a01000000000002AAA',
    );
    const explanations = [...element.shadowRoot.querySelectorAll('[data-id="explanation"]')];
    expect(explanations.map((explanation) => explanation.textContent)).toEqual([
      'c.MediaGuard_ExplainCleared',
      'c.MediaGuard_ExplainQuarantined',
      'c.MediaGuard_ExplainHeld',
    ]);
    await expect(element).toBeAccessible();
  });

  it('says that the record has no media', async () => {
    const element = await show([]);

    expect(element.shadowRoot.querySelector('c-media-message').title).toBe(
      'c.MediaGuard_NoMediaOnRecord',
    );
    await expect(element).toBeAccessible();
  });

  it('shows that it is loading, then why it failed', async () => {
    const element = await show();
    expect(element.shadowRoot.querySelector('lightning-spinner')).not.toBeNull();

    getMedia.error({ message: 'No access.' });
    await settled();
    expect(element.shadowRoot.querySelector('c-media-message').kind).toBe('error');
    await expect(element).toBeAccessible();
  });
});
