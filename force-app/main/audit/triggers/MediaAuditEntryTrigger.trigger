trigger MediaAuditEntryTrigger on MediaAuditEntry__c(before insert, before update, before delete) {
    MediaAuditEntryHandler.handle();
}
