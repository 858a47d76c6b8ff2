/**
 * Words of room names: short, known to most, told apart by ear, and harmless in any pairing. Each
 * list has 16, so that four random bits choose one evenly; with two digits that makes 23,040 names.
 * They need not be more, since rooms of one name are told apart by their keys, and every list is
 * weighed in every page that joins a room.
 */
export const ADJECTIVES = words(
  'amber bold brave bright calm cosy eager gentle happy jolly kind lucky merry quick quiet sunny',
);

export const ANIMALS = words(
  'badger camel crane dolphin eagle falcon fox heron koala lemur otter owl panda penguin rabbit tiger',
);

function words(text: string): readonly string[] {
  return text.split(' ');
}
