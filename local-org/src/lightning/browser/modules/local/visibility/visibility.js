/** Component visibility rules of FlexiPages: filters on the record, the user and the user's permissions. */
import { bootstrap } from 'local/bootstrap';

/** The left side of a filter, such as `{!Record.Status__c}` or `{!$Permission.CustomPermission.X}`. */
function valueOf(expression, record) {
  const path = expression.replace(/^\{!|\}$/g, '').split('.');
  switch (path[0]) {
    case 'Record':
      return path.slice(1).reduce((value, name) => value?.[name], record) ?? null;
    case '$User':
      return path.slice(1).reduce((value, name) => value?.[name], bootstrap.user.fields) ?? null;
    case '$Permission':
      return bootstrap[
        path[1] === 'CustomPermission' ? 'customPermissions' : 'userPermissions'
      ].includes(path[2].replace(/^mediaguard__/, ''));
    case '$Client':
      return path[1] === 'FormFactor' ? 'Large' : null;
    default:
      throw new Error(
        `The visibility rule uses ${expression}, which the local org does not evaluate.`,
      );
  }
}

const text = (value) => (value === null || value === undefined ? '' : String(value));

const OPERATORS = {
  EQUAL: (left, right) => text(left).toLowerCase() === text(right).toLowerCase(),
  NE: (left, right) => text(left).toLowerCase() !== text(right).toLowerCase(),
  CONTAINS: (left, right) => text(left).toLowerCase().includes(text(right).toLowerCase()),
  GT: (left, right) => Number(left) > Number(right),
  GE: (left, right) => Number(left) >= Number(right),
  LT: (left, right) => Number(left) < Number(right),
  LE: (left, right) => Number(left) <= Number(right),
};

/** `1 AND (2 OR NOT 3)` over the results of the filters. */
function combine(logic, results) {
  const tokens = logic.match(/\d+|AND|OR|NOT|[()]/gi) ?? [];
  let at = 0;
  const primary = () => {
    const token = tokens[at++];
    if (token === '(') {
      const value = either();
      at += 1;
      return value;
    }
    return /not/i.test(token) ? !primary() : results[Number(token) - 1];
  };
  const both = () => {
    let value = primary();
    while (/^and$/i.test(tokens[at] ?? '')) {
      at += 1;
      value = primary() && value;
    }
    return value;
  };
  const either = () => {
    let value = both();
    while (/^or$/i.test(tokens[at] ?? '')) {
      at += 1;
      value = both() || value;
    }
    return value;
  };
  return either();
}

export function isVisible(rule, record) {
  if (!rule || rule.criteria.length === 0) return true;
  const results = rule.criteria.map(({ left, operator, right }) => {
    const compare = OPERATORS[operator];
    if (!compare)
      throw new Error(`The visibility rule uses the operator ${operator}, which is unknown.`);
    return compare(valueOf(left, record), right);
  });
  return rule.logic ? combine(rule.logic, results) : results.every(Boolean);
}
