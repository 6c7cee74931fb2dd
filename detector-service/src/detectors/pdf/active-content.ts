import { makeFinding } from '../../verdict/finding-codes.js';
import type { Finding } from '../../verdict/types.js';
import type { PdfDocument } from './document.js';
import { PDF_DETECTOR as SELF } from './identity.js';
import { listed, plain } from './names.js';
import { PdfStream, PdfString, nameOf, textOf, type PdfDict, type PdfValue } from './values.js';
import { allDicts } from './walk.js';

/** Adobe's own functions for dates, numbers and sums in forms; a script of nothing else only tidies what is typed. */
const FORM_HELPERS =
  /^(?:\s*(?:AF(?:Date|Number|Percent|Special|Time|Range|Simple|Merge)\w*\s*\((?:[^()]|\([^()]*\))*\)\s*;?|event\.\w+\s*=\s*\w+\s*;?))*\s*$/;

/** Scripts longer than this are not taken for helpers, whatever they hold. */
const LONGEST_HELPER = 2_000;

/** Actions that reach outside the document (ISO 32000-2, 12.6.4), by what they do. */
const ACTIONS: Readonly<Record<string, string>> = {
  Launch: 'starts a program',
  ImportData: 'reads another file into its form',
  GoToE: 'opens a file inside it',
};

/** Scripts, programs and media players: whatever runs when the document is opened or touched. */
export function activeContentFindings(document: PdfDocument): Finding[] {
  const found: string[] = [];
  for (const { number, dict } of allDicts(document)) {
    const action = nameOf(document.resolve(dict.get('S')));
    if (action === 'JavaScript' || (action === 'Rendition' && dict.has('JS'))) {
      const script = scriptOf(document, dict.get('JS'));
      if (!isFormHelper(script)) found.push(`a script (object ${number}: ${plain(script, 60)})`);
    } else if (action !== null && Object.hasOwn(ACTIONS, action) && isAction(document, dict)) {
      found.push(`an action that ${ACTIONS[action]} (object ${number})`);
    }
    const subtype = nameOf(document.resolve(dict.get('Subtype')));
    if (subtype === 'RichMedia' || subtype === 'Screen' || subtype === 'Movie') {
      found.push(`a media player (object ${number})`);
    }
  }
  const opening = openingAction(document);
  if (opening) found.push(opening);
  if (found.length === 0) return [];
  return [makeFinding(SELF, 'document.active_content', `The document holds ${listed(found, 4)}.`)];
}

function isFormHelper(script: string): boolean {
  return script.length <= LONGEST_HELPER && FORM_HELPERS.test(script);
}

/** `S` is a common key; an action also says it is one, or has a target. */
function isAction(document: PdfDocument, dict: PdfDict): boolean {
  return (
    nameOf(document.resolve(dict.get('Type'))) === 'Action' ||
    dict.has('F') ||
    dict.has('Win') ||
    dict.has('T')
  );
}

function scriptOf(document: PdfDocument, value: PdfValue | undefined): string {
  const script = document.resolve(value);
  if (script instanceof PdfString) return script.text;
  if (script instanceof PdfStream) return document.decode(script)?.data.toString('latin1') ?? '?';
  return '?';
}

/** A page that opens by itself on the web, or a form that sends itself off. */
function openingAction(document: PdfDocument): string | null {
  const action = document.dict(document.catalog?.get('OpenAction'));
  const kind = nameOf(document.resolve(action?.get('S')));
  if (kind === 'SubmitForm') return 'an action that sends the form as soon as it opens';
  if (kind !== 'URI') return null;
  return `an address that opens with it (${plain(textOf(document.resolve(action?.get('URI'))) ?? '', 60)})`;
}
