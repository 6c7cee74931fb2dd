import type { X509Certificate } from 'node:crypto';

import { plain } from './names.js';

/** The common name in the certificate, else all of its subject. */
export function signerName(certificate: X509Certificate | null): string {
  if (!certificate) return 'an unknown signer';
  const common = /^CN=(.+)$/m.exec(certificate.subject)?.[1];
  return plain(common ?? certificate.subject.replaceAll('\n', ', '), 60) || 'an unnamed signer';
}
