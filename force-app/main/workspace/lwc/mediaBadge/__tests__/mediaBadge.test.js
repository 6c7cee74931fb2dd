import { createElement } from 'lwc';
import MediaBadge from 'c/mediaBadge';

function show(properties) {
  const element = createElement('c-media-badge', { is: MediaBadge });
  Object.assign(element, properties);
  document.body.appendChild(element);
  return element;
}

describe('c-media-badge', () => {
  afterEach(() => {
    document.body.replaceChildren();
  });

  it('says what it is of, in words', async () => {
    const element = show({ value: 'Tampered', name: 'Verdict' });

    const badge = element.shadowRoot.querySelector('[data-id="badge"]');
    expect(badge.textContent).toContain('Verdict: ');
    expect(badge.textContent).toContain('c.MediaGuard_VerdictTampered');
    expect(element.shadowRoot.querySelector('lightning-icon').iconName).toBe('utility:unlinked');
    await expect(element).toBeAccessible();
  });

  it('shows an unknown value as it is', () => {
    expect(show({ value: 'Novel' }).shadowRoot.textContent).toContain('Novel');
  });
});
