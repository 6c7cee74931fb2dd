/**
 * Kinds of difference between two states of a document. What a signature allows later is decided by kind (ISO 32000-2, 12.8.2.2).
 *
 * - `validation`: certificates, revocation data and time stamps for checking signatures in years to come
 * - `metadata`: properties and identifiers that no page shows
 * - `navigation`: outlines, page labels, structure for screen readers
 * - `signature`: a signature field that is new or now signed
 * - `form`: an empty field that was filled in
 * - `comment`: a note, link or highlight beside the content
 * - `overlay`: an annotation that draws over the page: text box, stamp, ink, shape
 * - `value`: a field that shows something else than it did
 * - `field`: a field that was added, taken away, moved or made another kind
 * - `page`: pages, their content, fonts, pictures or size
 * - `layers`: which optional content is visible
 * - `action`: scripts and actions
 * - `attachment`: files inside the document
 * - `other`: what no rule explains
 */
export type ChangeKind =
  | 'validation'
  | 'metadata'
  | 'navigation'
  | 'signature'
  | 'form'
  | 'comment'
  | 'overlay'
  | 'value'
  | 'field'
  | 'page'
  | 'layers'
  | 'action'
  | 'attachment'
  | 'other';

export interface Change {
  readonly kind: ChangeKind;
  /** Where, for people: `page 2, content`, `field Amount`. */
  readonly where: string;
  /** Counted from 0; null where it belongs to no page. */
  readonly page: number | null;
  /** Full name of the form field, which locks go by. */
  readonly field?: string;
  /** Corners of what was drawn, in the page's own units, where that is known. */
  readonly box?: readonly number[];
}
