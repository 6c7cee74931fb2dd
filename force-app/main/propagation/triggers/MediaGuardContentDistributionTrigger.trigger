trigger MediaGuardContentDistributionTrigger on ContentDistribution(before insert, after insert) {
    if (Trigger.isBefore) {
        new MediaGuardContentDistributionHandler().beforeInsert(Trigger.new);
    } else {
        new MediaGuardContentDistributionHandler().afterInsert(Trigger.new);
    }
}
