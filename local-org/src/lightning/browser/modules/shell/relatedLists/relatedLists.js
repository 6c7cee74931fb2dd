import RecordComponent from 'local/recordComponent';

/** All related lists of a record; files first. */
export default class RelatedLists extends RecordComponent {
  get lists() {
    return this.layout?.related ?? [];
  }
}
