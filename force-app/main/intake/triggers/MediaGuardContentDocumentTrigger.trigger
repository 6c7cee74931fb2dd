trigger MediaGuardContentDocumentTrigger on ContentDocument(before delete) {
    new MediaGuardContentDocumentHandler().beforeDelete(Trigger.old);
}
