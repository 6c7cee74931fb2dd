import { createElement } from 'lwc';
import MediaMessage from 'c/mediaMessage';

function show(properties) {
  const element = createElement('c-media-message', { is: MediaMessage });
  Object.assign(element, properties);
  document.body.appendChild(element);
  return element;
}

describe('c-media-message', () => {
  afterEach(() => {
    document.body.replaceChildren();
  });

  it('announces an error with its reasons', async () => {
    const element = show({
      kind: 'error',
      title: 'Not saved.',
      errors: { body: { message: 'Because.' } },
    });

    expect(element.shadowRoot.querySelector('[data-id="message"]').getAttribute('role')).toBe(
      'alert',
    );
    expect(element.shadowRoot.querySelector('[data-id="detail"]').textContent).toBe('Because.');
    await expect(element).toBeAccessible();
  });

  it('shows an empty state without reasons', async () => {
    const element = show({ kind: 'empty', title: 'Nothing here.' });

    expect(element.shadowRoot.querySelector('[data-id="title"]').textContent).toBe('Nothing here.');
    expect(element.shadowRoot.querySelector('[data-id="detail"]')).toBeNull();
    expect(element.shadowRoot.querySelector('[data-id="message"]').getAttribute('role')).toBe(
      'status',
    );
    await expect(element).toBeAccessible();
  });

  it('falls back to information for an unknown kind', () => {
    const element = show({ kind: 'odd', title: 'Something.' });

    expect(element.shadowRoot.querySelector('lightning-icon').iconName).toBe('utility:info');
  });
});
