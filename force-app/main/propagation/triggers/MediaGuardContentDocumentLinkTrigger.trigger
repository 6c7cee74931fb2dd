trigger MediaGuardContentDocumentLinkTrigger on ContentDocumentLink(before insert, after insert) {
    if (Trigger.isBefore) {
        new MediaGuardContentLinkHandler().beforeInsert(Trigger.new);
    } else {
        new MediaGuardContentLinkHandler().afterInsert(Trigger.new);
    }
}
