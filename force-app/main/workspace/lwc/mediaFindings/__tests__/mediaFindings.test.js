import { createElement } from 'lwc';
import MediaFindings from 'c/mediaFindings';

const FINDINGS = [
  {
    code: 'mime.mismatch',
    severity: 'low',
    title: 'Name and content differ',
    detail: 'The name says PNG, the content is JPEG.',
    detector: 'intake',
    detectorVersion: '1.0.0',
    score: null,
  },
  {
    code: 'image.generated',
    severity: 'high',
    title: 'Looks generated',
    detail: 'The picture has traces of an image generator.',
    detector: 'image-generated',
    detectorVersion: '0.1.0',
    score: 0.91,
  },
];

function show(findings) {
  const element = createElement('c-media-findings', { is: MediaFindings });
  element.findings = findings;
  document.body.appendChild(element);
  return element;
}

describe('c-media-findings', () => {
  afterEach(() => {
    document.body.replaceChildren();
  });

  it('lists the most severe finding first and scores only what was scored', async () => {
    const element = show(FINDINGS);

    const items = [...element.shadowRoot.querySelectorAll('[data-id="finding"]')];
    expect(items.map((item) => item.querySelector('h3').textContent)).toEqual([
      'Looks generated',
      'Name and content differ',
    ]);
    const scores = element.shadowRoot.querySelectorAll('[data-id="finding-score"]');
    expect([...scores].map((score) => score.textContent)).toEqual(['91 %']);
    await expect(element).toBeAccessible();
  });

  it.each([[[]], [undefined]])('says that nothing was found for %s', async (findings) => {
    const element = show(findings);

    expect(element.shadowRoot.querySelector('c-media-message').title).toBe(
      'c.MediaGuard_NoFindings',
    );
    await expect(element).toBeAccessible();
  });
});
