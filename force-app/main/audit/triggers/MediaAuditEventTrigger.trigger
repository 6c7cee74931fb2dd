trigger MediaAuditEventTrigger on MediaAudit__e(after insert) {
    MediaAuditAppender.append(Trigger.new);
}
