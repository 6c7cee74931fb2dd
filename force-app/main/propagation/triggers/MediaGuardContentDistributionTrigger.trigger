trigger MediaGuardContentDistributionTrigger on ContentDistribution(
    before insert,
    before update,
    after insert,
    after undelete
) {
    MediaGuardContentDistributionHandler handler = new MediaGuardContentDistributionHandler();
    switch on Trigger.operationType {
        when BEFORE_INSERT {
            handler.beforeInsert(Trigger.new);
        }
        when BEFORE_UPDATE {
            handler.beforeUpdate(Trigger.new, Trigger.oldMap);
        }
        when AFTER_INSERT {
            handler.afterInsert(Trigger.new);
        }
        when AFTER_UNDELETE {
            handler.afterUndelete(Trigger.new);
        }
    }
}
