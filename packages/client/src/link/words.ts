/**
 * Words of room names: short, known to most, told apart by ear, and harmless in any pairing. Each
 * list has 32, so that five random bits choose one evenly; with two digits that makes 92,160 names. They
 * need not be more, since rooms of one name are told apart by their keys.
 */
export const ADJECTIVES = words(`
  amber apt bold brave bright brisk calm cheery clever cosy crisp eager fair fresh gentle glad
  happy humble jolly keen kind lively lucky mellow merry nimble polite quick quiet silver sunny
  witty
`);

export const ANIMALS = words(`
  alpaca badger bobcat camel cheetah condor crane dolphin donkey eagle falcon finch fox gazelle
  gecko heron jaguar koala lemur lizard magpie marmot otter owl panda penguin puffin rabbit raven
  swan tiger walrus
`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
