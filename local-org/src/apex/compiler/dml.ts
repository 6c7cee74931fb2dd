/** `insert`, `update`, `upsert`, `delete`, `undelete` statements. */
import type {
  AccessLevelContext,
  ExpressionContext,
  StatementContext,
} from '@apexdevtools/apex-parser';
import type { DmlOperation } from '../../org/contracts.js';
import { saveStatement } from '../run/dml.js';
import { Completion, type Stmt } from '../types/model.js';
import type { CodeContext } from './context.js';
import { compileExpression } from './expressions.js';

interface DmlNode {
  expression(): ExpressionContext;
  accessLevel(): AccessLevelContext;
}

export function compileDml(cx: CodeContext, node: StatementContext): Stmt {
  const upsert = node.upsertStatement();
  if (upsert) return save(cx, 'upsert', upsert, upsert.qualifiedName()?.getText());
  if (node.insertStatement()) return save(cx, 'insert', node.insertStatement());
  if (node.updateStatement()) return save(cx, 'update', node.updateStatement());
  if (node.deleteStatement()) return save(cx, 'delete', node.deleteStatement());
  if (node.undeleteStatement()) return save(cx, 'undelete', node.undeleteStatement());
  return cx.unsupported(node, node.mergeStatement() ? 'merge' : `Statement '${node.getText()}'`);
}

function save(cx: CodeContext, operation: DmlOperation, node: DmlNode, externalId?: string): Stmt {
  const rows = compileExpression(cx, node.expression()).run;
  const level = node.accessLevel();
  const mode = level ? (level.USER() ? 'user' : 'system') : null;
  const key = externalId?.slice(externalId.lastIndexOf('.') + 1);
  return (f) => {
    saveStatement(f.session, operation, rows(f), mode, key);
    return Completion.Normal;
  };
}
