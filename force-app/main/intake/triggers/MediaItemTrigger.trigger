trigger MediaItemTrigger on MediaItem__c(before delete, after update, after delete) {
    MediaItemHandler.handle();
}
