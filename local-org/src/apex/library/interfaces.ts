/** Interfaces of the platform that project classes implement; their methods are found by name when called. */
import { defineType } from './registry.js';

for (const name of [
  'Callable',
  'Comparable',
  'Comparator',
  'Queueable',
  'Finalizer',
  'Schedulable',
  'Database.Batchable',
  'Database.AllowsCallouts',
  'Database.Stateful',
  'Database.RaisesPlatformEvents',
  'HttpCalloutMock',
  'StubProvider',
  'InstallHandler',
  'UninstallHandler',
  'Sfc.ContentDownloadHandlerFactory',
  'Messaging.InboundEmailHandler',
  'EventBus.EventPublishFailureCallback',
  'EventBus.EventPublishSuccessCallback',
]) {
  defineType({ name, isInterface: true });
}
