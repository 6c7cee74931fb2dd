/** `@salesforce/i18n/timeZone` of the signed-in user; the published module is fixed to Los Angeles. */
import { bootstrap } from '../modules/local/bootstrap/bootstrap.js';

export default bootstrap.user.timeZone;
