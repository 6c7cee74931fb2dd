import RecordFormBase from 'local/recordForm';

/** `lightning-record-view-form`: shows a record with `lightning-output-field`s. */
export default class RecordViewForm extends RecordFormBase {}
