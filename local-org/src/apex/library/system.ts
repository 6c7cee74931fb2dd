/** The `System` class: clock, debug log, assertions and identity. Jobs are in `jobs.ts`. */
import { ApexDate, ApexDatetime } from '../../values/values.js';
import { userTimeZone } from '../run/user.js';
import { hashCode } from '../values/equality.js';
import { EnumValue } from '../values/reference.js';
import { toText } from '../values/text.js';
import { wallClock } from '../values/time-format.js';
import { assertEquals, assertNotEquals, assertTrue } from './assert.js';
import { jobStatics } from './jobs.js';
import { defineType } from './registry.js';

defineType({
  name: 'System',
  statics: {
    ...jobStatics,
    'void assert(Boolean condition, Object message?)': assertTrue,
    'void assertEquals(Object expected, Object actual, Object message?)': assertEquals,
    'void assertNotEquals(Object unexpected, Object actual, Object message?)': assertNotEquals,
    'Long currentTimeMillis()': (c) => BigInt(c.session.tx.now()),
    'void debug(Object value, Object second?)': (c) => {
      const first = c.value(0);
      const level = c.count === 2 && first instanceof EnumValue ? first.name : 'DEBUG';
      c.session.debug(level, toText(c.value(c.count - 1)));
      return null;
    },
    'Integer hashCode(Object value)': (c) => hashCode(c.value(0)),
    'Datetime now()': (c) => new ApexDatetime(c.session.tx.now()),
    'Date today()': (c) => {
      const clock = wallClock(c.session.tx.now(), userTimeZone());
      return new ApexDate(clock.year, clock.month, clock.day);
    },
    'Boolean equals(Object a, Object b)': (c) => c.value(0) === c.value(1),
  },
});
