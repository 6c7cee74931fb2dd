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
    expect(items.map((item) => item.querySelector('h4').textContent)).toEqual([
      'Looks generated',
      'Name and content differ',
    ]);
    const scores = element.shadowRoot.querySelectorAll('[data-id="finding-score"]');
    expect([...scores].map((score) => score.textContent)).toEqual(['91 %']);
    await expect(element).toBeAccessible();
  });

  it('keeps a long list readable: by severity, each kind of finding once, the rest on demand', async () => {
    const pages = Array.from({ length: 20 }, (_, index) => ({
      ...FINDINGS[0],
      detail: `Page ${index + 1} differs.`,
    }));
    const element = show([...pages, FINDINGS[1]]);

    const groups = [...element.shadowRoot.querySelectorAll('[data-id="group"]')];
    expect(groups).toHaveLength(2);
    expect(groups[0].querySelector('h4').textContent).toBe('Looks generated');
    expect(groups[1].querySelectorAll('[data-id="finding"]')).toHaveLength(1);

    const more = groups[1].querySelector('[data-id="more"]');
    expect(more.open).toBe(false);
    expect(more.querySelectorAll('p')).toHaveLength(17);
    expect(groups[1].textContent).toContain('Page 1 differs.');
    await expect(element).toBeAccessible();
  });

  it('keeps findings of one kind apart when they were scored differently', () => {
    const element = show([FINDINGS[1], { ...FINDINGS[1], score: 0.75 }]);

    const scores = element.shadowRoot.querySelectorAll('[data-id="finding-score"]');
    expect([...scores].map((score) => score.textContent)).toEqual(['91 %', '75 %']);
  });

  it.each([[[]], [undefined]])('says that nothing was found for %s', async (findings) => {
    const element = show(findings);

    expect(element.shadowRoot.querySelector('c-media-message').title).toBe(
      'c.MediaGuard_NoFindings',
    );
    await expect(element).toBeAccessible();
  });
});
