import { createElement } from 'lwc';
import getEvidence from '@salesforce/apex/MediaCaseController.getEvidence';
import MediaViewer from 'c/mediaViewer';

jest.mock('@salesforce/apex/MediaCaseController.getEvidence', () => ({ default: jest.fn() }), {
  virtual: true,
});

jest.mock('@salesforce/label/c.MediaGuard_ViewOfModel', () => ({ default: '{0}: {1}' }), {
  virtual: true,
});
jest.mock('@salesforce/label/c.MediaGuard_ViewNumbered', () => ({ default: '{0} {1}' }), {
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

const optionsOf = (element) =>
  element.shadowRoot.querySelector('[data-id="views"]').options.map(({ label }) => label);

async function choose(element, value) {
  element.shadowRoot
    .querySelector('[data-id="views"]')
    .dispatchEvent(new CustomEvent('change', { detail: { value } }));
  await settled();
  await settled();
}

describe('c-media-viewer', () => {
  afterEach(() => {
    document.body.replaceChildren();
    jest.clearAllMocks();
  });

  it('shows the safe copy, then each view on demand, and fetches each once', async () => {
    getEvidence.mockImplementation(({ name }) => Promise.resolve(`${PIXEL}#${name}`));
    const element = show(EVIDENCE);
    await settled();

    const picture = () => element.shadowRoot.querySelector('[data-id="picture"]');
    expect(picture().src).toContain('preview.jpg');
    expect(optionsOf(element)).toEqual(['c.MediaGuard_ViewPreview', 'c.MediaGuard_ViewHeatMap']);

    await choose(element, 'heatmap.png');
    expect(picture().src).toContain('heatmap.png');
    expect(element.shadowRoot.querySelector('[data-id="help"]').textContent).toBe(
      'c.MediaGuard_HeatMapHelp',
    );

    await choose(element, 'preview.jpg');
    expect(picture().src).toContain('preview.jpg');
    expect(getEvidence).toHaveBeenCalledTimes(2);
    await expect(element).toBeAccessible();
  });

  it.each([
    ['spectrogram', 'c.MediaGuard_ViewSpectrogram'],
    ['frame_strip', 'c.MediaGuard_ViewFrameStrip'],
    ['region_map', 'c.MediaGuard_ViewRegionMap'],
    ['page', 'c.MediaGuard_ViewPage'],
  ])('shows a %s that comes alone, with what it is', async (kind, label) => {
    getEvidence.mockResolvedValue(PIXEL);
    const element = show([{ kind, name: `${kind}.png` }]);
    await settled();

    expect(element.shadowRoot.querySelector('[data-id="views"]')).toBeNull();
    expect(element.shadowRoot.querySelector('[data-id="picture"]').alt).toBe(
      'c.MediaGuard_EvidenceOf',
    );
    expect(element.shadowRoot.querySelector('[data-id="help"]').textContent).toBe(`${label}Help`);
    await expect(element).toBeAccessible();
  });

  it('puts many views into a list, ordered by kind, and names unknown kinds by their file', async () => {
    getEvidence.mockResolvedValue(PIXEL);
    const pages = [1, 2, 3, 4, 5, 6].map((page) => ({ kind: 'page', name: `page-${page}.jpg` }));
    const element = show([{ kind: 'hologram', name: 'hologram.png' }, ...pages, EVIDENCE[0]]);
    await settled();

    const views = element.shadowRoot.querySelector('[data-id="views"]');
    const values = views.options.map(({ value }) => value);
    expect(views.tagName).toBe('LIGHTNING-COMBOBOX');
    expect([values[0], values[1], values[7]]).toEqual([
      'preview.jpg',
      'page-1.jpg',
      'hologram.png',
    ]);
    expect(optionsOf(element)[1]).toBe('c.MediaGuard_ViewPage 1');
    expect(optionsOf(element)[7]).toBe('hologram.png');
    await expect(element).toBeAccessible();
  });

  it('names heat maps after their models, in documents too, and numbers those of one model', async () => {
    getEvidence.mockResolvedValue(PIXEL);
    const names = [
      'heatmap-image-edited.jpg',
      'page-2-picture-14-heatmap-image-generated.jpg',
      'page-3-picture-15-heatmap-image-generated.jpg',
    ];
    const element = show([EVIDENCE[0], ...names.map((name) => ({ kind: 'heatmap', name }))]);
    await settled();

    expect(optionsOf(element).slice(1)).toEqual([
      'c.MediaGuard_ViewHeatMap: image-edited',
      'c.MediaGuard_ViewHeatMap: image-generated 1',
      'c.MediaGuard_ViewHeatMap: image-generated 2',
    ]);
  });

  it('keeps one view when another fails', async () => {
    getEvidence.mockResolvedValueOnce(PIXEL).mockRejectedValueOnce({ body: { message: 'Gone.' } });
    const element = show(EVIDENCE);
    await settled();
    await choose(element, 'heatmap.png');
    expect(element.shadowRoot.querySelector('c-media-message').kind).toBe('error');

    await choose(element, 'preview.jpg');
    expect(element.shadowRoot.querySelector('[data-id="picture"]')).not.toBeNull();
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
