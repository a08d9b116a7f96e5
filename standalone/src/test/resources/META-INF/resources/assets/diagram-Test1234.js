draw();
