import { subscribe, unsubscribe } from 'lightning/empApi';
import VERDICT_EVENT from '@salesforce/schema/MediaVerdict__e';

/** From now on; what happened before is on the page already. */
const NEW_EVENTS = -1;

/**
 * Calls back after each verdict, so that a page that is open shows it without being asked to.
 *
 * A user who may not subscribe (and a site where events are not to be had) simply sees no live changes: the page
 * keeps its refresh button.
 *
 * @param {() => void} callback
 * @returns {Promise<() => void>} stops the calls
 */
export async function onVerdict(callback) {
  try {
    const subscription = await subscribe(
      `/event/${VERDICT_EVENT.objectApiName}`,
      NEW_EVENTS,
      callback,
    );
    return () => {
      unsubscribe(subscription, () => {});
    };
  } catch {
    return () => {};
  }
}
