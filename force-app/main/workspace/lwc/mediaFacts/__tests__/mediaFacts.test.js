import { createElement } from 'lwc';
import MediaFacts from 'c/mediaFacts';

function show(facts) {
  const element = createElement('c-media-facts', { is: MediaFacts });
  element.facts = facts;
  document.body.appendChild(element);
  return element;
}

describe('c-media-facts', () => {
  afterEach(() => {
    document.body.replaceChildren();
  });

  it('shows names, values and times', async () => {
    const element = show([
      { label: 'Camera', value: 'Pixel 9' },
      { label: 'Received', value: '2026-11-22T10:00:00.000Z', isTime: true },
    ]);

    expect(element.shadowRoot.querySelector('[data-id="Camera"]').textContent).toBe('Pixel 9');
    expect(element.shadowRoot.querySelector('lightning-formatted-date-time').value).toBe(
      '2026-11-22T10:00:00.000Z',
    );
    await expect(element).toBeAccessible();
  });

  it('says that a value is unknown rather than leaving it out', () => {
    const element = show([{ label: 'Signer', value: null, isTime: true }]);

    expect(element.shadowRoot.querySelector('[data-id="Signer"]').textContent).toContain(
      'c.MediaGuard_Unknown',
    );
    expect(element.shadowRoot.querySelector('lightning-formatted-date-time')).toBeNull();
  });

  it('writes a size in a unit that people read, with its bytes as the title', async () => {
    const element = show([
      { label: 'Size', value: '1572864', isSize: true },
      { label: 'Other size', value: null, isSize: true },
    ]);

    const size = element.shadowRoot.querySelector('[data-id="Size"]');
    expect(size.textContent).toBe('1.5 MB');
    expect(size.title).toBe('c.MediaGuard_ExactBytes');
    expect(element.shadowRoot.querySelector('[data-id="Other size"]').textContent).toBe(
      'c.MediaGuard_Unknown',
    );
    await expect(element).toBeAccessible();
  });

  it('leaves unknown values out where room is short', () => {
    const element = show([
      { label: 'Signer', value: null },
      { label: 'Camera', value: 'Pixel 9' },
    ]);
    element.hideUnknown = true;

    return Promise.resolve().then(() => {
      expect(element.shadowRoot.querySelectorAll('dd')).toHaveLength(1);
    });
  });
});
