trigger VerificationPolicyTrigger on VerificationPolicy__c(
    before insert,
    before update,
    before delete,
    after insert,
    after update,
    after delete
) {
    VerificationPolicyHandler.handle();
}
