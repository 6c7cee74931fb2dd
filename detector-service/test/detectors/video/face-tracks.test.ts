import type { Face } from '../../../src/detectors/faces/boxes.js';
import { followFaces } from '../../../src/detectors/video/face-tracks.js';

const at = (left: number, side = 100): Face => ({
  left,
  top: 50,
  width: side,
  height: side,
  score: 0.9,
});

it.each<[string, Face[][], (readonly [frame: number, left: number])[][]]>([
  ['nothing', [[], []], []],
  [
    'one face that moves',
    [[at(0)], [at(30)], [at(60)]],
    [
      [
        [0, 0],
        [1, 30],
        [2, 60],
      ],
    ],
  ],
  [
    'two faces, whatever their order in a frame',
    [[at(0), at(300)], [at(310), at(5)], [at(320)]],
    [
      [
        [0, 300],
        [1, 310],
        [2, 320],
      ],
      [
        [0, 0],
        [1, 5],
      ],
    ],
  ],
  [
    'a face that was away for two frames',
    [[at(0)], [], [], [at(10)]],
    [
      [
        [0, 0],
        [3, 10],
      ],
    ],
  ],
  ['a face that was away for longer', [[at(0)], [], [], [], [at(10)]], [[[0, 0]], [[4, 10]]]],
  [
    'a cut to a face elsewhere',
    [[at(0)], [at(400)], [at(400)]],
    [
      [
        [1, 400],
        [2, 400],
      ],
      [[0, 0]],
    ],
  ],
  [
    'a face that two others want: the nearer one has it',
    [[at(100)], [at(150), at(110)]],
    [
      [
        [0, 100],
        [1, 110],
      ],
      [[1, 150]],
    ],
  ],
  ['larger faces before smaller ones', [[at(0, 50), at(300, 200)]], [[[0, 300]], [[0, 0]]]],
])('follows %s', (_name, frames, expected) => {
  const tracks = followFaces(frames);
  expect(tracks.map((track) => track.map(({ frame, face }) => [frame, face.left]))).toEqual(
    expected,
  );
});
