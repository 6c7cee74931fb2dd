import fc from 'fast-check';
import sharp from 'sharp';

import { checkDigit } from '../../../src/detectors/identity/formats.js';
import { findZone } from '../../../src/detectors/identity/find-zone.js';
import { identityDetector } from '../../../src/detectors/identity/identity-detector.js';
import { textZoneFindings } from '../../../src/detectors/identity/text-zone.js';
import { compareZones } from '../../../src/detectors/identity/visual-zone.js';
import { shrink, type Pixels } from '../../../src/intake/image.js';
import type { Finding } from '../../../src/verdict/types.js';
import { documentSubject } from '../../support/document-subject.js';
import {
  CAPTURES,
  drawnIdentity,
  madeUpHolder,
  SPECIMEN,
  zoneLines,
  type ZoneName,
} from '../../support/drawn-identity.js';
import { drawnPicture } from '../../support/drawn-picture.js';

async function decoded(file: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function examined(file: Buffer) {
  const pixels = await decoded(file);
  return identityDetector.run({
    ...documentSubject(file, 'image/jpeg'),
    pixels,
    small: await shrink(pixels),
  });
}

function codes(findings: readonly Finding[]): string[] {
  return findings.map(({ code }) => code);
}

/** The zone with another digit in the date of birth, whose check digit stays. */
function withOtherBirth(zone: readonly string[]): string[] {
  const [line, at] = zone.length === 3 ? [1, 1] : [1, 14];
  return zone.map((text, i) => {
    if (i !== line) return text;
    return text.slice(0, at) + String((Number(text[at]) + 3) % 10) + text.slice(at + 1);
  });
}

const VISUAL = ['ERIKSSON', 'ANNA MARIA', '12 AUG 1974', 'L898902C3', '15 APR 2032'];

describe('pictures of identity documents', () => {
  it.each<[ZoneName, string]>([
    ['TD1', 'straight, JPEG 40'],
    ['TD2', 'turned by 3 degrees'],
    ['TD3', 'upside down'],
    ['MRV-A', 'noisy and dim'],
    ['MRV-B', 'turned by 90 degrees'],
    ['TD1', 'third of the size'],
  ])('reads the zone of a %s, %s', async (name, capture) => {
    const zone = zoneLines(name, madeUpHolder(7));
    const change = CAPTURES[capture] as (picture: Buffer) => Promise<Buffer>;
    const pixels = await decoded(await change(await drawnIdentity(name, { zone })));

    const sighting = await findZone(pixels, await shrink(pixels));

    expect(sighting).toMatchObject({ kind: 'read', zone: { lines: zone } });
  });

  it('accuses a changed digit and marks it', async () => {
    const zone = withOtherBirth(zoneLines('TD3', madeUpHolder(7)));

    const { findings, evidence } = await examined(await drawnIdentity('TD3', { zone }));

    expect(codes(findings)).toEqual(['document.mrz_check_digit']);
    expect(findings[0]?.detail).toContain('date of birth');
    expect(findings[0]?.evidence).toEqual([{ kind: 'region_map', name: 'zone-identity.png' }]);
    expect(evidence[0]?.bytes.subarray(1, 4).toString()).toBe('PNG');
  });

  it('compares with the print above and keeps the holder out of its words', async () => {
    const zone = zoneLines('TD1');
    const draw = (visual: readonly string[]) => drawnIdentity('TD1', { zone, visual });

    const same = await examined(await draw(VISUAL));
    const other = await examined(await draw(VISUAL.map((line) => line.replace('1974', '1971'))));

    expect(codes(same.findings)).toEqual(['document.mrz_valid']);
    expect(same.findings[0]?.detail).toContain(
      'the same document number; date of birth; date of expiry; surname',
    );
    expect(codes(other.findings)).toEqual(['document.mrz_contradicts']);
    expect(other.findings[0]?.detail).toContain('another date of birth');
    expect(JSON.stringify([same.findings, other.findings])).not.toMatch(/ERIKSSON|L898902|7408/);
  });

  it('does not accuse where glyphs cannot be told', async () => {
    const zone = withOtherBirth(zoneLines('TD3'));
    const blurred = await sharp(await drawnIdentity('TD3', { zone }))
      .blur(7)
      .jpeg()
      .toBuffer();

    const { findings } = await examined(blurred);

    expect(codes(findings).filter((code) => code !== 'document.mrz_unreadable')).toEqual([]);
  });

  it('finds a day that no calendar has', async () => {
    const zone = zoneLines('TD2', { ...SPECIMEN, birth: '741312' });

    const { findings } = await examined(await drawnIdentity('TD2', { zone }));

    expect(codes(findings)).toEqual(['document.mrz_implausible']);
  });

  it('says nothing of other pictures, nor of evenly spaced print that is no zone', async () => {
    const code = Array.from({ length: 2 }, (_, i) => checkDigit(String(i)).padEnd(44, 'QX7'));

    const picture = await examined(await drawnPicture(3));
    const print = await examined(await drawnIdentity('TD3', { zone: code }));

    expect(picture.findings).toEqual([]);
    expect(codes(print.findings).filter((name) => name !== 'document.mrz_unreadable')).toEqual([]);
  });
});

describe('zones in text', () => {
  it('checks them, and what else the page says', () => {
    const zone = zoneLines('TD3');
    const page = (lines: readonly string[]) => [...VISUAL, ...lines, 'Page 1'].join('\r\n');

    expect(codes(textZoneFindings(page(zone), 1))).toEqual(['document.mrz_valid']);
    expect(codes(textZoneFindings(page(withOtherBirth(zone)), 1))).toContain(
      'document.mrz_check_digit',
    );
    expect(textZoneFindings(page(['A line of 44 letters is not yet a zone']), 1)).toEqual([]);
  });

  it('computes the digits of Doc 9303, which tell any single exchanged digit', () => {
    expect(['L898902C3', '740812', '120415', 'ZE184226B<<<<<'].map(checkDigit).join('')).toBe(
      '6291',
    );
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9]{6,14}$/),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        (text, place, step) => {
          const at = place % text.length;
          const digit = String((Number(text[at]) + step) % 10);
          expect(checkDigit(text.slice(0, at) + digit + text.slice(at + 1))).not.toBe(
            checkDigit(text),
          );
        },
      ),
    );
  });
});

describe('compareZones', () => {
  const values = { number: 'L898902C3', birth: '740812', expiry: '320415', surname: 'ERIKSSON' };
  const read = (lines: readonly string[], confidence = 95) =>
    lines.map((line) => line.split(' ').map((text) => ({ text, confidence })));

  it.each<[string, string[], string[]]>([
    ['the year of birth', ['12 AUG/AOUT 71', '15 APR/AVR 32'], ['date of birth']],
    ['the expiry', ['12.08.1974', '15.04.2036'], ['date of expiry']],
    ['the number', ['L898972C3'], ['document number']],
    ['a lookalike in the number', ['L8989O2C3'], []],
    ['an earlier issue under an expiry that was not read', ['12.08.1974', '15.04.2022'], []],
    ['another person altogether', ['01.01.1950', '15.04.2032'], []],
    ['a date where no other proves that dates are read', ['12 AUG 1971'], []],
  ])('%s', (_name, lines, different) => {
    expect(compareZones(values, read(lines), '20261126').different).toEqual(different);
    expect(compareZones(values, read(lines, 60), '20261126').different).toEqual([]);
  });
});
