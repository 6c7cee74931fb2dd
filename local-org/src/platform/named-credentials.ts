/** Where `callout:Name` leads, with its secret headers. Setup code fills it; nothing is read from metadata. */
import type {
  DurableStore,
  Json,
  NamedCredential,
  NamedCredentials,
  NamedCredentialTarget,
} from '../org/contracts.js';
import { PlatformError } from '../org/contracts.js';

const COLLECTION = 'named-credentials';

interface StoredCredential extends NamedCredential {
  /** Lower-case, as it is looked up. */
  readonly name: string;
}

export class NamedCredentialStore implements NamedCredentials {
  private readonly credentials = new Map<string, NamedCredential>();

  constructor(private readonly store: DurableStore) {
    for (const stored of store.load(COLLECTION) as unknown as readonly StoredCredential[]) {
      this.credentials.set(stored.name, { url: stored.url, headers: stored.headers });
    }
  }

  define(name: string, credential: NamedCredential): void {
    if (!/^https?:\/\//i.test(credential.url) || !URL.canParse(credential.url)) {
      throw new PlatformError(
        'INVALID_INPUT',
        `Named credential ${name}: expected an http or https URL, got "${credential.url}"`,
      );
    }
    const key = name.toLowerCase();
    const stored: StoredCredential = {
      name: key,
      url: credential.url,
      headers: credential.headers,
    };
    this.credentials.set(key, credential);
    this.store.put(COLLECTION, key, stored as unknown as Json);
  }

  clear(): void {
    for (const key of this.credentials.keys()) this.store.put(COLLECTION, key, null);
    this.credentials.clear();
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
