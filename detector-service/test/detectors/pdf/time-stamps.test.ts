import type { TestSigner } from '../../../../scripts/media/test-authority.js';
import { fuse } from '../../../src/verdict/fuse.js';
import {
  AFTER,
  BEFORE,
  LATER,
  STAMPED_AT,
  detailOf,
  makeScene,
  rootOf,
  stampedBy,
  timeStamp,
  withStore,
  type Scene,
} from '../../support/long-term-signature.js';
import { updatePdf } from '../../support/pdf-writer.js';
import { contract, CONTRACT, signPdf } from '../../support/signed-pdf.js';

let scene: Scene;
beforeAll(async () => {
  scene = await makeScene();
});

describe('time stamps', () => {
  /** A second signature field, for time stamps of the document. */
  const SECOND_FIELD = {
    3: (CONTRACT[3] ?? '').replace('9 0 R]', '9 0 R 30 0 R]'),
    6: (CONTRACT[6] ?? '').replace('9 0 R]', '9 0 R 30 0 R]'),
    7: (CONTRACT[7] ?? '').replace(/>>$/, ' /V 20 0 R>>'),
    30: '<</FT /Sig /T (Archive) /Type /Annot /Subtype /Widget /F 132 /Rect [0 0 0 0] /P 3 0 R /V 31 0 R>>',
  };

  function documentStamp(pdf: Buffer, by: TestSigner, at = STAMPED_AT): Promise<Buffer> {
    return signPdf(pdf, by, {
      number: 31,
      objects: SECOND_FIELD,
      entries: '/Type /DocTimeStamp /SubFilter /ETSI.RFC3161',
      value: (parts) => timeStamp(parts, at, by),
    });
  }

  it('prove when a signature was there, where their authority is trusted', async () => {
    const { findings } = await scene.judge(await scene.signed(stampedBy(scene.stamper)));
    expect(detailOf(findings, 'document.timestamp')).toMatch(
      /2026-01-11.*by Time Example \(it was there by then\)/,
    );
    expect(detailOf(findings, 'document.signature_valid')).toContain(
      'time-stamped 2026-01-11T00:00:00.000Z',
    );
  });

  it('may be vouched for by a list of time-stamp authorities, which vouches for no signer', async () => {
    const others = [rootOf(scene.stranger)];
    const pdf = await scene.signed(stampedBy(scene.strangeStamper));
    const stamped = await scene.judge(pdf, [rootOf(scene.authority)], others);
    expect(detailOf(stamped.findings, 'document.timestamp')).toContain('it was there by then');
    expect(fuse(stamped.findings)).toBe('authentic');
    const foreign = await scene.signed({}, await scene.stranger.issue('Stranger Example'));
    expect(fuse((await scene.judge(foreign, [], others)).findings)).toBe('not_evaluated');
  });

  it('of an authority that no list names prove no more than a claim', async () => {
    const { findings } = await scene.judge(await scene.signed(stampedBy(scene.strangeStamper)));
    expect(detailOf(findings, 'document.timestamp')).toMatch(
      /proves no more than a claim, since no list of yours names its authority/,
    );
    expect(detailOf(findings, 'document.signature_valid')).toContain('by an unproven time stamp');
    expect(fuse(findings)).toBe('authentic');
  });

  it('by a certificate that is for something else prove nothing', async () => {
    const { findings } = await scene.judge(await scene.signed(stampedBy(scene.responder)));
    expect(detailOf(findings, 'document.timestamp')).toContain(
      'its certificate is not for time stamps',
    );
  });

  it('by an authority that was revoked before prove nothing', async () => {
    const pdf = withStore(await scene.signed(stampedBy(scene.stamper)), {
      crls: [await scene.list({ revoked: [{ certificate: scene.stamper, at: BEFORE }] })],
    });
    expect(detailOf((await scene.judge(pdf)).findings, 'document.timestamp')).toContain(
      "its authority's certificate was revoked",
    );
  });

  it('over another signature say nothing of this one, and accuse nobody', async () => {
    const other = {
      stamp: () => timeStamp([Buffer.from('another signature')], BEFORE, scene.stamper),
    };
    const { findings } = await scene.judge(await scene.signed(other));
    expect(detailOf(findings, 'document.timestamp_invalid')).toMatch(
      /proves no time: the time stamp is over other bytes/,
    );
    expect(findings.map(({ code }) => code)).not.toContain('document.timestamp');
    expect(detailOf(findings, 'document.signature_valid')).toContain('by its own clock');
    expect(fuse(findings)).toBe('authentic');
  });

  it('of the whole document prove when the signatures under them were there', async () => {
    const pdf = await documentStamp(await scene.signed(), scene.stamper);
    const revoked = withStore(pdf, {
      ocsp: [await scene.ocsp({ ...LATER, revoked: { at: AFTER } })],
    });
    const { findings } = await scene.judge(revoked);
    expect(detailOf(findings, 'document.revocation_good')).toContain('The signature stands');
    expect(fuse(findings)).toBe('authentic');
    expect(detailOf(findings, 'document.signature_trusted')).toBe('Signed by Notary Example.');
  });

  it('of the whole document are no signature: alone they make nothing authentic', async () => {
    const pdf = await documentStamp(updatePdf(contract(), { 7: CONTRACT[7] ?? '' }), scene.stamper);
    const { findings } = await scene.judge(pdf);
    expect(findings.map(({ code }) => code)).toContain('document.timestamp');
    expect(fuse(findings)).toBe('not_evaluated');
  });

  it('of the whole document over other bytes are broken signatures', async () => {
    const pdf = await documentStamp(await scene.signed(), scene.stamper);
    const changed = Buffer.from(pdf);
    changed.write('9', pdf.indexOf('Pay 100') + 4, 'latin1');
    expect(fuse((await scene.judge(changed)).findings)).toBe('tampered');
  });
});
