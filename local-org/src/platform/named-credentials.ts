/** Where `callout:Name` leads, with its secret headers. Setup code fills it; nothing is read from metadata. */
import type { NamedCredential, NamedCredentials, NamedCredentialTarget } from '../org/contracts.js';
import { PlatformError } from '../org/contracts.js';

export class NamedCredentialStore implements NamedCredentials {
  private readonly credentials = new Map<string, NamedCredential>();

  define(name: string, credential: NamedCredential): void {
    if (!/^https?:\/\//i.test(credential.url) || !URL.canParse(credential.url)) {
      throw new PlatformError(
        'INVALID_INPUT',
        `Named credential ${name}: expected an http or https URL, got "${credential.url}"`,
      );
    }
    this.credentials.set(name.toLowerCase(), credential);
  }

  resolve(name: string, path: string): NamedCredentialTarget {
    const credential = this.credentials.get(name.toLowerCase());
    if (!credential) {
      throw new PlatformError(
        'INVALID_CREDENTIAL',
        `The callout couldn't access the endpoint. The named credential "${name}" has no endpoint in this org; ` +
          'set its URL and key first.',
        'CalloutException',
      );
    }
    return { url: credential.url.replace(/\/+$/, '') + path, headers: credential.headers };
  }
}
