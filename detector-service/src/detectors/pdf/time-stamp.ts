import * as asn1js from 'asn1js';
import { TSTInfo } from 'pkijs';

import { digest, digestName } from './algorithms.js';

/** What a time-stamp authority signs (RFC 3161, 2.4.2): a time, and the digest of what was there then. */
export function readStamp(bytes: Buffer): TSTInfo {
  return new TSTInfo({ schema: asn1js.fromBER(bytes).result });
}

/** Whether a time stamp is over these bytes; null where its digest is unknown. */
export function isOver({ messageImprint }: TSTInfo, covered: readonly Buffer[]): boolean | null {
  const name = digestName(messageImprint.hashAlgorithm.algorithmId);
  const actual = name ? digest(name, covered) : null;
  return actual ? actual.equals(Buffer.from(messageImprint.hashedMessage.getValue())) : null;
}
