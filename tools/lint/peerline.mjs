/**
 * House rules that oxlint has no rule of its own for.
 */

/** Names that say nothing about what is inside; whatever lands there belongs beside its users. */
const VAGUE_NAMES = /^(?:utils?|helpers?|misc|common)\.[cm]?[jt]sx?$/;

const fileNames = {
  create(context) {
    return {
      Program(node) {
        const name = context.filename.split(/[\\/]/).at(-1) ?? '';
        if (!VAGUE_NAMES.test(name)) return;
        context.report({
          node,
          message: `\`${name}\` says nothing: name the file after what it holds.`,
        });
      },
    };
  },
};

const noBarrel = {
  create(context) {
    return {
      Program(node) {
        const name = context.filename.split(/[\\/]/).at(-1) ?? '';
        if (/^index\.[cm]?[jt]sx?$/.test(name) || node.body.length === 0) return;
        if (!node.body.every(passesOn)) return;
        context.report({
          node,
          message: 'This file only passes on what others export: import from where it is defined.',
        });
      },
    };
  },
};

function passesOn(statement) {
  if (statement.type === 'ImportDeclaration' || statement.type === 'ExportAllDeclaration')
    return true;
  if (statement.type !== 'ExportNamedDeclaration') return false;
  return statement.declaration === null || statement.declaration === undefined;
}

export default {
  meta: { name: 'peerline' },
  rules: { 'file-names': fileNames, 'no-barrel': noBarrel },
};
