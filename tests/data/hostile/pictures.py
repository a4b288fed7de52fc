"""Makes the pictures beside it with Pillow: one small scene in the kinds of files that people have.

    pip install pillow==13.0.0
    python tests/data/hostile/pictures.py
"""

from pathlib import Path

from PIL import Image

here = Path(__file__).resolve().parent
photograph = Image.open(here.parents[2] / "data/astronaut.png").convert("RGB")
small = photograph.crop((150, 40, 310, 160)).resize((40, 30), Image.Resampling.LANCZOS)
# Pixels alone, without the photograph's colour profile.
scene = Image.frombytes("RGB", small.size, small.tobytes())
grey = scene.convert("L")
mirrored = scene.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
few = scene.quantize(64)
translucent = scene.copy()
translucent.putalpha(200)
# Each level twice: 257 times the level in 16 bits.
deep = Image.frombytes("I;16", grey.size, bytes(level for level in grey.tobytes() for _ in range(2)))
turned = Image.Exif()
turned[0x0112] = 6
frames = {"save_all": True, "append_images": [mirrored], "duration": 100}

files = {
    "rgb.png": (scene, {"optimize": True}),
    "grey.png": (grey, {"optimize": True}),
    "alpha.png": (translucent, {"optimize": True}),
    "grey-alpha.png": (grey.convert("LA"), {"optimize": True}),
    "palette.png": (few, {"optimize": True}),
    "palette-clear.png": (few, {"transparency": 3}),
    "grey-16.png": (deep, {}),
    "animated.png": (scene, frames),
    "turned.png": (scene, {"exif": turned}),
    "baseline.jpg": (scene, {"quality": 85}),
    "progressive.jpg": (scene, {"quality": 85, "progressive": True}),
    "grey.jpg": (grey, {"quality": 85}),
    "cmyk.jpg": (scene.convert("CMYK"), {"quality": 85}),
    "still.gif": (few, {}),
    "animated.gif": (few, frames | {"append_images": [mirrored.quantize(64)]}),
    "lossy.webp": (scene, {"quality": 80}),
    "lossless.webp": (scene, {"lossless": True}),
    "animated.webp": (scene, frames | {"quality": 80}),
    "turned.webp": (scene, {"exif": turned, "quality": 80}),
    "rgb.bmp": (scene, {}),
    "palette.bmp": (few, {}),
    "plain.tiff": (scene, {}),
    "lzw.tiff": (scene, {"compression": "tiff_lzw"}),
    "deflate-grey.tiff": (grey, {"compression": "tiff_adobe_deflate"}),
    "cmyk.tiff": (scene.convert("CMYK"), {}),
    "turned.tiff": (scene, {"exif": turned}),
    "rgb.ppm": (scene, {}),
    "grey.pgm": (grey, {}),
    "bits.pbm": (grey.convert("1"), {}),
    "unsupported.avif": (scene, {"quality": 40}),
}
(here / "picture").mkdir(exist_ok=True)
for name, (picture, options) in files.items():
    picture.save(here / "picture" / name, **options)
