import { sniff, SNIFF_WINDOW } from '../../intake/sniff.js';
import { makeFinding } from '../../verdict/finding-codes.js';
import type { Finding } from '../../verdict/types.js';
import type { PdfDocument } from './document.js';
import { PDF_DETECTOR as SELF } from './identity.js';
import { listed, plain } from './names.js';
import { PdfStream, nameOf, textOf, type PdfDict } from './values.js';
import { allDicts } from './walk.js';

const MOST_ATTACHMENTS = 64;

/** Files inside the document, typed by their bytes; a program among them is a finding of its own. */
export async function attachmentFindings(document: PdfDocument): Promise<Finding[]> {
  const files: string[] = [];
  const programs: string[] = [];
  const seen = new Set<PdfStream>();
  for (const { dict } of allDicts(document)) {
    const stream = embeddedStream(document, dict);
    if (!stream || seen.has(stream) || seen.size >= MOST_ATTACHMENTS) continue;
    seen.add(stream);
    const name = plain(
      textOf(document.resolve(dict.get('UF') ?? dict.get('F'))) ?? 'without a name',
      60,
    );
    const bytes = document.decode(stream)?.data ?? null;
    const type = bytes ? await sniff(bytes.subarray(0, SNIFF_WINDOW), bytes.subarray(-1024)) : null;
    const described = `${name} (${type?.mediaType ?? 'unreadable'})`;
    files.push(described);
    if (
      type?.active ||
      /\.(?:exe|dll|scr|com|bat|cmd|ps1|vbs|js|jse|wsf|hta|jar|lnk|msi)$/i.test(name)
    ) {
      programs.push(described);
    }
  }
  const findings: Finding[] = [];
  if (files.length > 0) {
    findings.push(makeFinding(SELF, 'document.attachments', `Files inside: ${listed(files)}.`));
  }
  if (programs.length > 0) {
    const detail = `Programs or scripts inside: ${listed(programs)}.`;
    findings.push(makeFinding(SELF, 'document.active_content', detail));
  }
  return findings;
}

/** A file specification that holds its file (ISO 32000-2, 7.11.4). */
function embeddedStream(document: PdfDocument, dict: PdfDict): PdfStream | null {
  const files = document.dict(dict.get('EF'));
  const stream = document.resolve(files?.get('UF') ?? files?.get('F'));
  const isFile = nameOf(document.resolve(dict.get('Type'))) !== 'Page';
  return isFile && stream instanceof PdfStream ? stream : null;
}
