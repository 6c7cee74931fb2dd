/** Loads every part of the standard library into the registry. */
import './assert.js';
import './collections.js';
import './dates.js';
import './enums.js';
import './exception.js';
import './numbers.js';
import './object.js';
import './pattern.js';
import './string.js';
import './system.js';
import './interfaces.js';
