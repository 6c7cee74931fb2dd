trigger MediaGuardContentVersionTrigger on ContentVersion(before insert, after insert) {
    if (Trigger.isBefore) {
        new MediaGuardContentVersionHandler().beforeInsert(Trigger.new);
    } else {
        new MediaGuardContentVersionHandler().afterInsert(Trigger.new);
    }
}
