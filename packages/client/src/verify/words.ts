/**
 * 256 words that sound unlike each other, of four to eight letters, one for each byte (SPEC.md, WORDS4).
 * Their order is part of the protocol.
 */
export const WORDS: readonly string[] = (
  'acorn actor album alley amber angel ankle anvil apple april apron arrow ' +
  'atlas attic autumn bacon badge bagel baker balcony bamboo banana banjo barrel ' +
  'basil basket beach beacon beaver bench berry bicycle biscuit blanket blossom bonfire ' +
  'bottle boulder branch bread breeze brick bridge bronze bubble bucket buffalo butter ' +
  'button cabin cactus camel candle canyon captain caramel carbon carpet carrot castle ' +
  'cattle cedar cello chalk cherry chess chimney cider cinema circle citrus clover ' +
  'cobalt coconut comet copper coral cotton cradle crater crayon cricket crystal cupboard ' +
  'curtain daisy dancer desert diamond dinner doctor dolphin domino donkey dragon drummer ' +
  'eagle easel eclipse elbow ember engine evening fabric falcon feather fiddle finger ' +
  'flame flute forest fossil fountain fridge galaxy garden garlic gecko ginger giraffe ' +
  'glacier gloves goblet granite grape guitar hammer harbour harvest hazel hedge helmet ' +
  'heron honey horizon iceberg igloo indigo island ivory jacket jaguar jasmine jelly ' +
  'jigsaw jungle kayak kettle kitchen kiwi koala ladder lagoon lantern laurel lemon ' +
  'leopard lettuce library lily linen lizard lobster magnet mango maple marble market ' +
  'meadow melon meteor mirror mitten monday monkey mosaic museum mustard napkin nectar ' +
  'needle nickel noodle nutmeg oasis ocean olive onion orange orchid otter oven ' +
  'oyster paddle palace panda parrot pebble pelican pencil pepper piano picnic pigeon ' +
  'pillow pirate planet plum pocket pony poppy potato prairie pumpkin puzzle pyramid ' +
  'quartz quilt rabbit radish rainbow raven ribbon river rocket saddle saffron salmon ' +
  'sandal saturn scarf shadow silver spider sunset tango temple thunder ticket tiger ' +
  'timber tomato tulip tunnel turtle umbrella velvet violin walnut window winter zebra ' +
  'zigzag zipper puppet thimble'
).split(' ');
