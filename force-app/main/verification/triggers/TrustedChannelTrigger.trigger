trigger TrustedChannelTrigger on TrustedChannel__c(
    before insert,
    before update,
    before delete,
    after insert,
    after update
) {
    TrustedChannelHandler.handle();
}
