import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The certificates of a folder's `.pem`, `.crt` and `.cer` files as one PEM text. Every certificate is parsed here, so that a broken trust list is an
 * error at start and never a silent loss of trust.
 *
 * @param folder absent means that no signer is trusted: credentials are still verified, and their signers reported as unknown
 */
export async function readTrustAnchors(folder: string | undefined): Promise<string> {
  if (!folder) return '';
  const names = await readdir(folder).catch((error: unknown) => {
    throw new Error(
      `Expected a folder of PEM files with C2PA trust anchors at ${folder} but could not read it; correct the path or leave it out to trust no signer.`,
      { cause: error },
    );
  });
  const certificates = new Set<string>();
  for (const name of names.filter((file) => /\.(?:pem|crt|cer)$/i.test(file)).sort()) {
    for (const pem of (await readFile(join(folder, name), 'utf8')).match(PEM) ?? []) {
      certificates.add(checked(pem, name));
    }
  }
  if (certificates.size === 0) {
    throw new Error(
      `Expected at least one PEM certificate in ${folder} but found none; add the trust lists as .pem files.`,
    );
  }
  return `${[...certificates].join('\n')}\n`;
}

function checked(pem: string, file: string): string {
  try {
    return new X509Certificate(pem).toString().trim();
  } catch (error) {
    throw new Error(
      `Expected PEM certificates in the trust list ${file} but one cannot be parsed; replace the file with a fresh download.`,
      { cause: error },
    );
  }
}
