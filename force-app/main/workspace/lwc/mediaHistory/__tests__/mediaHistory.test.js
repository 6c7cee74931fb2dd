import { createElement } from 'lwc';
import MediaHistory from 'c/mediaHistory';

function show(entries) {
  const element = createElement('c-media-history', { is: MediaHistory });
  element.entries = entries;
  document.body.appendChild(element);
  return element;
}

describe('c-media-history', () => {
  afterEach(() => {
    document.body.replaceChildren();
  });

  it('shows who did what and when', async () => {
    const element = show([
      {
        sequence: 2,
        occurredAt: '2026-11-22T10:05:00.000Z',
        title: 'case.decided',
        actorName: 'Rita',
        summary: 'a: b',
      },
      {
        sequence: 1,
        occurredAt: '2026-11-22T10:00:00.000Z',
        title: 'version.novel',
        actorName: 'Uma',
        summary: null,
      },
    ]);

    const entries = [...element.shadowRoot.querySelectorAll('[data-id="entry"]')];
    expect(entries).toHaveLength(2);
    expect(entries[0].textContent).toContain('c.MediaGuard_ActionCaseDecided');
    expect(entries[0].textContent).toContain('Rita');
    expect(entries[1].textContent).toContain('version.novel');
    expect(entries[1].querySelector('.entry-summary')).toBeNull();
    await expect(element).toBeAccessible();
  });

  it('says that nothing has been recorded', async () => {
    const element = show([]);

    expect(element.shadowRoot.querySelector('c-media-message').title).toBe(
      'c.MediaGuard_NoHistory',
    );
    await expect(element).toBeAccessible();
  });
});
