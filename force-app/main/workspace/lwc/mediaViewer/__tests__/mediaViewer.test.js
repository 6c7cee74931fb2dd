import { createElement } from 'lwc';
import getEvidence from '@salesforce/apex/MediaCaseController.getEvidence';
import MediaViewer from 'c/mediaViewer';

jest.mock('@salesforce/apex/MediaCaseController.getEvidence', () => ({ default: jest.fn() }), {
  virtual: true,
});

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const EVIDENCE = [
  { kind: 'preview', name: 'preview.jpg' },
  { kind: 'heatmap', name: 'heatmap.png' },
];
const settled = () => new Promise(process.nextTick);

function show(evidence) {
  const element = createElement('c-media-viewer', { is: MediaViewer });
  element.caseId = 'a00000000000001AAA';
  element.mediaTitle = 'portrait';
  element.evidence = evidence;
  document.body.appendChild(element);
  return element;
}

describe('c-media-viewer', () => {
  afterEach(() => {
    document.body.replaceChildren();
    jest.clearAllMocks();
  });

  it('shows the safe copy, then the heat map on demand', async () => {
    getEvidence.mockImplementation(({ name }) => Promise.resolve(`${PIXEL}#${name}`));
    const element = show(EVIDENCE);
    await settled();

    const picture = () => element.shadowRoot.querySelector('[data-id="picture"]');
    expect(picture().src).toContain('preview.jpg');

    const toggle = element.shadowRoot.querySelector('[data-id="toggle"]');
    toggle.click();
    await settled();
    await settled();
    expect(picture().src).toContain('heatmap.png');

    element.shadowRoot.querySelector('[data-id="toggle"]').click();
    await settled();
    expect(picture().src).toContain('preview.jpg');
    expect(getEvidence).toHaveBeenCalledTimes(2);
    await expect(element).toBeAccessible();
  });

  it('offers another try when the service does not answer', async () => {
    getEvidence.mockRejectedValueOnce({ body: { message: 'Unreachable.' } });
    const element = show(EVIDENCE);
    await settled();
    await settled();
    expect(element.shadowRoot.querySelector('c-media-message').kind).toBe('error');

    getEvidence.mockResolvedValueOnce(PIXEL);
    element.shadowRoot.querySelector('[data-id="retry"]').click();
    await settled();
    await settled();
    expect(element.shadowRoot.querySelector('[data-id="picture"]')).not.toBeNull();
  });

  it('says that there is no picture', async () => {
    const element = show([]);

    expect(element.shadowRoot.querySelector('c-media-message').title).toBe(
      'c.MediaGuard_NoPicture',
    );
    expect(getEvidence).not.toHaveBeenCalled();
    await expect(element).toBeAccessible();
  });
});
