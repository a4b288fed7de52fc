"""Makes the small files of dlib's that the tests read, and dlib's own results for them."""
import json
import os
import random
import sys

import dlib
import numpy as np

here = sys.argv[1]


def scene(seed):
    """A grey picture with a bright disc that has two dark eyes and a mouth, its box, and five points."""
    rng = random.Random(seed)
    width, height = 150, 130
    y, x = np.mgrid[0:height, 0:width]
    image = 90 + 25 * np.sin(x * 0.11 + rng.random() * 6) + 20 * np.cos(y * 0.13 + rng.random() * 6)
    side, left, top = rng.randint(60, 80), rng.randint(15, 50), rng.randint(15, 30)
    cx, cy, r = left + side / 2, top + side / 2, side / 2
    image = np.where((x - cx) ** 2 + (y - cy) ** 2 < r * r, 190, image)
    lean = rng.uniform(-0.15, 0.15)
    points = []
    for u, v in [(-0.4, -0.25), (0.4, -0.25), (0.0, 0.1), (-0.3, 0.45), (0.3, 0.45)]:
        points.append((cx + r * (u - lean * v), cy + r * (v + lean * u)))
    for px, py in points[:2] + points[3:]:
        image = np.where((x - px) ** 2 + (y - py) ** 2 < (r / 7) ** 2, 40, image)
    image = np.clip(image, 0, 255).astype(np.uint8)
    box = dlib.rectangle(left, top, left + side - 1, top + side - 1)
    return image, box, [dlib.point(round(a), round(b)) for a, b in points]


def shape_predictor():
    images, truths = [], []
    for seed in range(30):
        image, box, points = scene(seed)
        images.append(image)
        truths.append([dlib.full_object_detection(box, points)])
    options = dlib.shape_predictor_training_options()
    options.cascade_depth, options.num_trees_per_cascade_level, options.tree_depth = 2, 3, 2
    options.feature_pool_size, options.num_test_splits, options.oversampling_amount = 20, 10, 5
    options.nu, options.num_threads, options.random_seed = 0.5, 1, "1"
    return dlib.train_shape_predictor(images, truths, options)


def detector():
    images, boxes = [], []
    for seed in range(8):
        image, box, _ = scene(seed)
        images.append(image)
        boxes.append([box])
    options = dlib.simple_object_detector_training_options()
    options.detection_window_size, options.C, options.num_threads = 36 * 36, 5, 1
    return dlib.train_simple_object_detector(images, boxes, options)


def save_pgm(path, image):
    with open(path, "wb") as file:
        file.write(b"P5\n%d %d\n255\n" % (image.shape[1], image.shape[0]) + image.tobytes())


predictor, found = shape_predictor(), detector()
predictor.save(os.path.join(here, "five_points.dat"))
found.save(os.path.join(here, "disc.svm"))
image, box, _ = scene(100)
save_pgm(os.path.join(here, "scene.pgm"), image)
rects = [box, dlib.rectangle(30, 40, 120, 99), dlib.rectangle(-20, -10, 60, 70), dlib.rectangle(100, 80, 200, 180)]
points = [
    {"box": [r.left(), r.top(), r.width(), r.height()], "points": [[p.x, p.y] for p in predictor(image, r).parts()]}
    for r in rects
]
fhog = dlib.fhog_object_detector(os.path.join(here, "disc.svm"))
detections = []
for doublings in (0, 1):
    boxes, scores, _ = fhog.run(image, doublings, -0.6)
    detections.append(
        [{"box": [r.left(), r.top(), r.width(), r.height()], "score": s} for r, s in zip(boxes, scores)]
    )
json.dump({"points": points, "detections": detections}, open(os.path.join(here, "dlib.json"), "w"), indent=1)
