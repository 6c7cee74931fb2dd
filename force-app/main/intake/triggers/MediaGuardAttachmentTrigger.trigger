trigger MediaGuardAttachmentTrigger on Attachment(before insert, after insert, before update) {
    MediaGuardAttachmentHandler.handle();
}
