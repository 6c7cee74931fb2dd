import { createElement } from 'lwc';
import getActive from '@salesforce/apex/MediaPolicyController.getActive';
import MediaPolicyCard from 'c/mediaPolicyCard';

jest.mock(
  '@salesforce/apex/MediaPolicyController.getActive',
  () => {
    const { createApexTestWireAdapter } = require('@salesforce/sfdx-lwc-jest');
    return { default: createApexTestWireAdapter(jest.fn()) };
  },
  { virtual: true },
);

const settled = () => new Promise(process.nextTick);

function show() {
  const element = createElement('c-media-policy-card', { is: MediaPolicyCard });
  document.body.appendChild(element);
  return element;
}

describe('c-media-policy-card', () => {
  afterEach(() => {
    document.body.replaceChildren();
  });

  it('shows the thresholds in per cent', async () => {
    const element = show();
    getActive.emit({
      facts: [{ label: 'Version', value: '3' }],
      thresholds: [{ mediaType: 'Image', suspectFrom: 0.7, syntheticFrom: 0.95 }],
    });
    await settled();

    const cells = [...element.shadowRoot.querySelectorAll('td')].map((cell) => cell.textContent);
    expect(cells).toEqual(['70 %', '95 %']);
    await expect(element).toBeAccessible();
  });

  it('warns that nothing can be cleared without a policy', async () => {
    const element = show();
    getActive.emit(null);
    await settled();

    expect(element.shadowRoot.querySelector('c-media-message').title).toBe(
      'c.MediaGuard_NoActivePolicy',
    );
    await expect(element).toBeAccessible();
  });

  it('shows that it is loading, then why it failed', async () => {
    const element = show();
    expect(element.shadowRoot.querySelector('lightning-spinner')).not.toBeNull();

    getActive.error({ message: 'No access.' });
    await settled();
    expect(element.shadowRoot.querySelector('c-media-message').kind).toBe('error');
  });
});
